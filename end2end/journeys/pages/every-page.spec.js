// Every page on its own: accessible at WCAG 2.2 AA, nothing sideways at 320 px, a title and one main heading.
import { expectAccessible } from '../../support/axe.js';
import { sideways } from '../../support/layout.js';
import { pages, visit } from '../../support/pages.js';
import { expect, test } from '../../support/test.js';

for (const one of pages) {
  test(`${one.name}: accessible, titled, and whole at any width`, async ({ page, signedIn }) => {
    await visit(page, signedIn, one);
    await expect.soft(page).toHaveTitle(/\S+ · Countersign$/, { timeout: 2000 });
    await expect.soft(page.locator('h1')).toHaveCount(1, { timeout: 2000 });
    await expectAccessible(page);
    // A label, a link and an error find their element by its id; axe no longer looks at that.
    const twice = await page.evaluate(() => {
      const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
      return ids.filter((id, place) => ids.indexOf(id) !== place);
    });
    expect.soft(twice, 'an id that stands twice').toEqual([]);
    expect.soft(await page.evaluate(sideways), 'at its usual width').toEqual([]);

    await page.setViewportSize({ width: 320, height: 640 });
    expect.soft(await page.evaluate(sideways), 'at 320 px').toEqual([]);
    await page.setViewportSize({ width: 3840, height: 2160 });
    expect.soft(await page.evaluate(sideways), 'at 4K').toEqual([]);
  });
}
