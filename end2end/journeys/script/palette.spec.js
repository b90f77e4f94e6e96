// The command palette: go to anything by typing.
import { admin, expect, test } from '../../support/test.js';

test('Ctrl-K opens the palette, typing finds a page, Enter goes there', async ({ page, arriveAs }) => {
  await arriveAs(admin);
  await page.waitForLoadState('networkidle');
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog').filter({ visible: true });
  await expect(palette).toBeVisible();
  await page.keyboard.type('peop');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/people/);
});

test('Escape closes the palette and gives the focus back', async ({ page, arriveAs }) => {
  await arriveAs(admin, '/people');
  await page.waitForLoadState('networkidle');
  await page.getByLabel('Search people').focus();
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog').filter({ visible: true });
  await expect(palette).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(palette).toHaveCount(0);
  await expect(page.getByLabel('Search people')).toBeFocused();
});
