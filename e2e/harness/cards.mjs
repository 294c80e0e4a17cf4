// What people fill in below a message.

/** Opens the dialog for a poll or a chain. */
export async function startsCard(person, what) {
  await person.button(person.words.plus).first().click();
  await person.page.getByRole('menuitem', { name: what, exact: true }).click();
  await person.dialog.getByRole('textbox').first().waitFor();
}

/** Makes a poll. */
export async function asks(person, question, choices, { many = false } = {}) {
  const { words, dialog } = person;
  await startsCard(person, words.poll);
  await dialog.getByLabel(words.question, { exact: true }).fill(question);
  for (const [at, choice] of choices.entries()) {
    await dialog.getByLabel(words.choice(at + 1), { exact: true }).fill(choice);
  }
  if (many) await dialog.getByRole('switch', { name: words.several }).check();
  await dialog.getByRole('button', { name: words.send, exact: true }).click();
  await dialog.waitFor({ state: 'detached' }).catch(() => dialog.waitFor({ state: 'hidden' }));
}

/** The button of a choice with so many votes. */
export function choice(person, question, name, votes) {
  return person.message(question).getByRole('button', { name: person.words.votes(name, votes), exact: true });
}

/** Makes a chain. */
export async function startsChain(person, topic, line = '') {
  const { words, dialog } = person;
  await startsCard(person, words.chain);
  await dialog.getByLabel(words.topic, { exact: true }).fill(topic);
  await dialog.getByLabel(words.firstLine, { exact: true }).fill(line);
  await dialog.getByRole('button', { name: words.send, exact: true }).click();
}

/** The field for a line of one's own. */
export function lineField(person, topic) {
  return person.message(topic).getByRole('textbox', { name: person.words.yourLine });
}

/** The lines of a chain, as they stand there. */
export function lines(person, topic) {
  return person.message(topic).getByRole('list', { name: person.words.chain }).getByRole('listitem');
}
