// How pages are measured in the browser: what is cut, what has room to spare, what touches what.

/** The widths at which pages are measured: small and large phones, tablets, laptops, desks, 2K and 1440p. */
export const widths = [320, 360, 768, 834, 1024, 1280, 1440, 1920, 2560];

/** What scrolls sideways that should not, or sticks out of the window. */
export const sideways = () => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const wide = [...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > width + 1);
  return wide.slice(0, 5).map((element) => element.outerHTML.slice(0, 120)).concat('the page scrolls sideways');
};

/**
 * What is wrong with the table on the page: a text that is cut while any column is wider than its longest cell needs; a text
 * that reaches over its own cell, so that it may touch what is beside it.
 */
export const troublesOfTable = () => {
  const table = document.querySelector('.data-table');
  const isShown = (element) => element.getClientRects().length > 0;
  const inner = (cell) => {
    const style = getComputedStyle(cell);
    return cell.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  };
  // What is cut hides its overflow; how far it would reach is asked of it. What is only spoken is a pixel wide.
  const lacks = (part) => (part.clientWidth > 1 ? part.scrollWidth - part.clientWidth : 0);
  const missing = (cell) => Math.max(0, ...[cell, ...cell.querySelectorAll('*')].filter(isShown).map(lacks).filter((lack) => lack > 1));
  const needed = (cell) => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    const shown = [...cell.querySelectorAll('*'), range].filter((part) => part === range || isShown(part));
    const edges = shown.map((part) => part.getBoundingClientRect()).filter((box) => box.width > 0);
    if (edges.length === 0) return 0;
    return Math.max(...edges.map((box) => box.right)) - Math.min(...edges.map((box) => box.left)) + missing(cell);
  };
  const rows = [...table.querySelectorAll('tbody tr')].map((row) => [...row.cells].filter((cell) => isShown(cell) && cell.dataset.cell !== 'actions'));
  const isCards = getComputedStyle(table).display === 'block';
  const troubles = [];

  for (const row of table.rows) {
    const cells = [...row.cells].filter(isShown);
    for (const cell of cells) {
      const box = cell.getBoundingClientRect();
      const menu = cells.at(-1).getBoundingClientRect();
      for (const part of cell.querySelectorAll('a, time, span, button')) {
        if (cell === cells.at(-1) || !isShown(part) || part.closest('[popover]') || part.closest('.cut > *')) continue;
        const own = part.getBoundingClientRect();
        const touches = own.right > menu.left + 1 && own.left < menu.right && own.bottom > menu.top && own.top < menu.bottom;
        // The strip of heads on a phone can be swiped.
        if (row.parentElement.tagName === 'TBODY' && touches && cells.at(-1).dataset.cell === 'actions' && own.width > 1) troubles.push(`"${part.textContent}" touches the menu`);
        if (!isCards && own.right > box.right + 1) troubles.push(`"${part.textContent}" reaches out of its cell`);
      }
    }
  }
  if (isCards) return troubles;
  const columns = rows[0].map((_, at) => rows.map((row) => row[at]));
  const widest = columns.map((cells, at) => {
    const head = [...table.tHead.rows[0].cells].filter(isShown)[at];
    const most = Math.max(...cells.map(needed));
    // A column cannot be narrower than its head.
    return { room: inner(cells[0]) - Math.max(most, needed(head)), isCut: cells.some((cell) => missing(cell) > 0), head: head.textContent.trim() };
  });
  const free = widest.filter((column) => column.room > 2);
  for (const column of widest.filter((column) => column.isCut)) {
    for (const other of free) troubles.push(`${column.head} is cut while ${other.head} has ${Math.round(other.room)} px to spare`);
  }
  return troubles;
};

/** How many texts of the table are cut. */
export const cutTexts = () => [...document.querySelectorAll('.data-table tbody td :is(.truncate, .cut > :first-child)')].filter((part) => part.getClientRects().length > 0 && part.scrollWidth > part.clientWidth + 1).map((part) => part.textContent);

/** Writes names and addresses into the first rows that are longer than any that people have. */
export const lengthen = () => {
  [...document.querySelectorAll('.data-table tbody tr')].slice(0, 4).forEach((row, at) => {
    const name = row.querySelector('td[data-cell="lead"] .truncate');
    const address = row.querySelector('td[data-cell="line"] .cut > :first-child');
    if (at < 3) name.textContent = 'Adaeze Featherstonehaugh-Okonkwo von und zu Hohenstein, the third of her name';
    if (at > 1) address.textContent = 'adaeze.featherstonehaugh-okonkwo.von.und.zu.hohenstein.the.third';
  });
};

/** Words in the facts of a page that are broken although their line is nearly empty, and names that take the values' room. */
export const narrowFacts = () => [...document.querySelectorAll('dl dd')].filter((value) => value.clientWidth < 200).map((value) => `${value.textContent}: ${value.clientWidth} px`);
