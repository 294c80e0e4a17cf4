// What people do with messages: through the buttons beside them, and through their menus.

import { until } from './until.mjs';

/** Follows a link within the page. */
export async function goesTo(person, path) {
  await person.page.evaluate((path) => {
    const link = document.body.appendChild(Object.assign(document.createElement('a'), { href: path }));
    link.click();
    link.remove();
  }, path);
}

/** Picks a line of the menu of a message. */
export async function picks(person, what, text) {
  await opensMenu(person, text);
  await person.page.getByRole('menuitem', { name: what, exact: true }).click();
}

export async function opensMenu(person, text) {
  const message = person.message(text);
  await message.hover();
  await message.getByRole('button', { name: person.words.more, exact: true }).click();
  await person.page.getByRole('menu').waitFor();
}

export async function repliesTo(person, text, answer) {
  const message = person.message(text);
  await message.hover();
  await message.getByRole('button', { name: person.words.reply, exact: true }).click();
  await person.composer.fill(answer);
  await person.composer.press('Enter');
}

/** Puts one of the emoji at hand under a message. */
export async function reactsTo(person, text, emoji) {
  const message = person.message(text);
  await message.hover();
  await message.getByRole('button', { name: person.words.react, exact: true }).first().click();
  await person.page.getByRole('menuitemcheckbox', { name: emoji, exact: true }).click();
}

/** The composer of this person holds exactly this. */
export async function has(person, text) {
  await until(
    `${person.display}'s composer has “${text}”`,
    async () => (await person.composer.inputValue()) === text,
    async () => `It had “${await person.composer.inputValue()}”`,
  );
}

/** Waits until an element has the focus. */
export async function isFocused(person, locator) {
  await until(`${person.display}'s focus is there`, () => locator.evaluate((element) => element === document.activeElement));
}
