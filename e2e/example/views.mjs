// The views of which pictures are taken: how to get there from anywhere.

import { startsCard } from '../harness/cards.mjs';
import { until } from '../harness/until.mjs';
import { LOBBY } from '../harness/words.mjs';

const HIKE = '周末爬山 Weekend hike';
const FILM = 'Film club 电影之夜';
const GARDEN = 'Garden 花园';
const WAITS = { en: 'On my way, with apples.', zh: '我出门了，带了苹果。' };
const FAILS = { en: 'Can somebody let me in? The door is locked.', zh: '门锁着，谁来开一下？' };

/** `stranger`: nobody is signed in. `is_page`: looked at by axe, and held against the narrowest screens. */
export const VIEWS = [
  { name: 'signup-first', stage: 'empty', stranger: true, go: (person) => person.visits('/signup') },
  { name: 'signin', stranger: true, is_page: true, go: (person) => atForm(person, '/signin') },
  { name: 'signin-refused', stranger: true, go: isRefused },
  { name: 'signup', stranger: true, go: (person) => atForm(person, '/signup') },
  { name: 'signup-faults', stranger: true, is_page: true, go: isFaulty },
  { name: 'list', is_page: true, go: (person) => home(person) },
  { name: 'list-found', go: finds },
  { name: 'search', is_page: true, go: searches },
  { name: 'search-filters', is_page: true, go: filters },
  { name: 'lobby', is_page: true, go: (person) => opens(person, LOBBY) },
  { name: 'group', go: (person) => opens(person, HIKE) },
  { name: 'group-sending', route: muffle, is_page: true, go: sends },
  { name: 'group-offline', go: isOffline },
  { name: 'direct', go: opensDirect },
  { name: 'draft', go: writes },
  { name: 'mention', is_page: true, go: mentions },
  { name: 'emoji', is_page: true, go: picksEmoji },
  { name: 'switcher', is_page: true, go: switches },
  { name: 'answer', is_page: true, go: answers },
  { name: 'menu', is_page: true, go: opensItsMenu },
  { name: 'choosing', is_page: true, go: chooses },
  { name: 'reacting', go: reacts },
  { name: 'editing', is_page: true, go: edits },
  { name: 'forward', is_page: true, go: forwards },
  { name: 'pins', is_page: true, go: looksAtPins },
  { name: 'versions', is_page: true, go: looksAtVersions },
  { name: 'who-read', is_page: true, go: asksWhoRead },
  { name: 'date', is_page: true, go: picksADay },
  { name: 'markup', is_page: true, go: readsMarkup },
  { name: 'format', is_page: true, go: formats },
  { name: 'later', is_page: true, go: waits },
  { name: 'laters', is_page: true, go: looksAtLaters },
  { name: 'long-title', is_page: true, go: (person) => opens(person, /^Reading circle/) },
  { name: 'empty', is_page: true, go: (person) => opens(person, GARDEN) },
  { name: 'gone', is_page: true, go: isGone },
  { name: 'cards', is_page: true, go: (person) => opens(person, FILM) },
  { name: 'poll-dialog', is_page: true, go: makesPoll },
  { name: 'thread', is_page: true, go: readsThread },
  { name: 'details-kept', is_page: true, go: looksAtKept },
  { name: 'details', is_page: true, go: looksAtDetails },
  { name: 'start', go: starts },
  { name: 'start-group', is_page: true, go: startsGroup },
  { name: 'start-channels', is_page: true, go: startsChannel },
  { name: 'keys', is_page: true, go: looksAtKeys },
  { name: 'settings', is_page: true, go: looksAtSettings },
  { name: 'settings-more', go: usesSettings },
];

/** Over whose shoulder one looks, by language. */
export const READERS = {
  en: { name: 'maya', display: 'Maya Okafor' },
  zh: { name: 'linwen', display: '林雯 Lin Wen' },
};

async function atForm(person, path) {
  await person.visits(path);
  await person.page.getByLabel(person.words.name, { exact: true }).waitFor();
}

async function isRefused(person) {
  await atForm(person, '/signin');
  await person.page.getByLabel(person.words.name, { exact: true }).fill(person.name);
  await person.page.getByLabel(person.words.password, { exact: true }).fill('wrong password');
  await person.button(person.words.signIn).click();
  await person.page.getByRole('alert').filter({ hasText: /./ }).waitFor();
}

async function isFaulty(person) {
  await atForm(person, '/signup');
  await person.page.getByLabel(person.words.name, { exact: true }).fill('林 雯');
  await person.page.getByLabel(person.words.password, { exact: true }).fill('short');
  await person.button(person.words.signUp).click();
  await person.page.getByRole('alert').filter({ hasText: /./ }).first().waitFor();
}

async function home(person) {
  await person.visits('/');
  await person.isIn();
}

async function opens(person, title) {
  await home(person);
  await person.row(title).click();
  await person.composer.waitFor();
  await person.hasLanded();
}

async function finds(person) {
  await home(person);
  await person.list.getByRole('textbox').fill('we');
}

async function searches(person) {
  await home(person);
  await person.list.getByRole('textbox').fill('山');
  await person.list.locator('mark').first().waitFor();
}

async function filters(person) {
  await searches(person);
  await person.list.getByRole('button', { name: person.words.filters }).click();
  await person.button(person.words.hasLink).click();
  await person.list.getByRole('button', { name: person.words.filters }).click();
  await person.button(person.words.from).click();
  await person.list.getByRole('textbox', { name: person.words.findPeople }).waitFor();
}

async function opensDirect(person) {
  await opens(person, person.lang === 'en' ? '林雯 Lin Wen' : 'Maya Okafor');
}

/** The socket swallows one message, refuses another, and keeps from the server what was read and what is typed. */
export function muffle(page) {
  return page.routeWebSocket(/\/ws$/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((text) => {
      const { t, client_id, deed } = JSON.parse(text);
      if (Object.values(FAILS).includes(deed?.body)) {
        socket.send(JSON.stringify({ t: 'refused', client_id, code: 'not_allowed' }));
      } else if (t !== 'read' && t !== 'draft' && !Object.values(WAITS).includes(deed?.body)) {
        server.send(text);
      }
    });
  });
}

async function sends(person) {
  await opens(person, HIKE);
  const { page, words, lang } = person;
  if (await person.message(WAITS[lang]).count()) return person.composer.press('End');
  await person.says(FAILS[lang]);
  await person.message(FAILS[lang]).getByText(words.failed, { exact: true }).waitFor();
  await person.says(WAITS[lang]);
  await page.getByText(WAITS[lang]).last().waitFor();
}

async function isOffline(person) {
  person.cable.mend();
  await opens(person, HIKE);
  person.cable.cut();
  const offline = person.status.getByText(person.words.offline);
  await until('the page says that it is offline', async () => (await offline.count()) > 0);
  await person.composer.fill(WAITS[person.lang]);
}

async function writes(person) {
  await opens(person, LOBBY);
  await person.composer.fill('明天的会议改到下午三点。\nThe meeting moves to 3 pm tomorrow.\n\n请大家带上笔记：\n1. what went well\n2. what did not');
}

async function mentions(person) {
  await opens(person, HIKE);
  // A draft comes along from the views before.
  await person.composer.fill('');
  await person.composer.pressSequentially('@');
  await person.page.getByRole('option').filter({ hasText: '张三' }).waitFor();
}

async function picksEmoji(person) {
  await opens(person, HIKE);
  await person.button(person.words.emoji).click();
  await person.page.getByRole('gridcell').first().waitFor();
}

async function switches(person) {
  await home(person);
  await person.page.keyboard.press('Control+k');
  await person.page.getByRole('combobox').fill('z');
  await person.page.getByRole('option').filter({ hasText: '张三' }).waitFor();
}

async function answers(person) {
  await presses(person, 'r');
  await person.page.getByRole('button', { name: person.words.cancel }).waitFor();
}

async function opensItsMenu(person) {
  await presses(person, 'm');
  await person.page.getByRole('menuitem').first().waitFor();
}

async function chooses(person) {
  await opensItsMenu(person);
  await person.page.getByRole('menuitem', { name: person.words.select, exact: true }).click();
  await person.page.getByText(person.words.chosen(1)).waitFor();
}

async function reacts(person) {
  await presses(person, 'e');
  await person.page.getByRole('menuitemcheckbox').first().waitFor();
}

async function edits(person) {
  await opens(person, HIKE);
  // A draft comes along from the views before.
  await person.composer.fill('');
  await person.composer.press('Escape');
  await person.composer.press('ArrowUp');
  await person.page.getByText(person.words.editing, { exact: true }).waitFor();
}

async function forwards(person) {
  await opensItsMenu(person);
  await person.page.getByRole('menuitem', { name: person.words.forward, exact: true }).click();
  await person.dialog.getByRole('checkbox').nth(1).check();
}

async function looksAtPins(person) {
  await opens(person, HIKE);
  await person.page.getByRole('button', { name: new RegExp(`^${person.words.pins}`) }).click();
  await person.dialog.getByRole('listitem').first().waitFor();
}

const MINE = { en: 'Got it, downloaded. Twice.', zh: '好的，周六见！' };

async function looksAtVersions(person) {
  await opens(person, HIKE);
  await person.message(MINE[person.lang]).getByRole('button', { name: person.words.edited, exact: true }).click();
  await person.dialog.getByRole('listitem').nth(1).waitFor();
}

async function asksWhoRead(person) {
  await opens(person, HIKE);
  await person.message(MINE[person.lang]).locator('button.ticks').click();
  await person.dialog.getByRole('listitem').first().waitFor();
}

async function picksADay(person) {
  await opens(person, HIKE);
  await person.timeline.locator('.day button').last().click();
  await person.dialog.getByRole('button', { name: person.words.go, exact: true }).waitFor();
}

async function readsMarkup(person) {
  await opens(person, /releases/);
  await person.timeline.locator('pre').waitFor();
}

async function formats(person) {
  await opens(person, HIKE);
  await person.composer.fill('请带 **雨衣**，和 `map.gpx`：\n- one\n- two');
  await person.button(FORMAT[person.lang]).click();
  await person.composer.press('Control+Alt+p');
  await person.page.locator('.preview li').first().waitFor();
}

const FORMAT = { en: 'Formatting', zh: '格式' };

async function waits(person) {
  await opens(person, HIKE);
  await person.composer.fill('🎂');
  await person.button(LATER[person.lang]).click();
  await person.dialog.getByRole('listitem').first().waitFor();
}

const LATER = { en: 'Send later', zh: '定时发送' };

async function looksAtLaters(person) {
  await opens(person, GARDEN);
  const line = person.page.locator('.later-line');
  if (!(await line.count())) {
    await person.composer.fill('生日快乐！Happy birthday!');
    await person.button(LATER[person.lang]).click();
    await person.dialog.getByRole('button', { name: /Tomorrow morning|明天早上/ }).click();
  }
  await line.click();
  await person.dialog.getByRole('listitem').first().waitFor();
}

/** Presses a key at the newest message. */
async function presses(person, key) {
  await opens(person, HIKE);
  await person.timeline.locator('.msg[data-seq]').last().focus();
  await person.page.keyboard.press(key);
}

async function isGone(person) {
  await person.visits('/c/4711');
  await person.page.getByRole('heading', { name: person.words.gone }).waitFor();
  const opacity = () => person.page.locator('.empty').evaluate((shown) => getComputedStyle(shown).opacity);
  await until('the page has appeared', async () => (await opacity()) === '1');
}

async function looksAtDetails(person) {
  await opens(person, HIKE);
  await person.detailsLink.click();
  await person.details.getByRole('listitem').first().waitFor();
}

async function makesPoll(person) {
  await opens(person, FILM);
  await startsCard(person, person.words.poll);
  await person.dialog.getByLabel(person.words.question, { exact: true }).fill('周日 Brunch?');
  await person.dialog.getByLabel(person.words.choice(1), { exact: true }).fill('Yes 好');
}

async function readsThread(person) {
  await opens(person, FILM);
  await person.timeline.getByRole('link', { name: person.words.repliesAt(3) }).click();
  await person.page.getByRole('textbox', { name: person.words.replyInThread }).waitFor();
  await person.page.getByRole('region', { name: person.words.replies, exact: true }).getByText('几点在门口见？').waitFor();
}

async function looksAtKept(person) {
  await opens(person, FILM);
  await person.detailsLink.click();
  await person.details.getByRole('list', { name: person.words.links }).waitFor();
}

async function starts(person) {
  await home(person);
  await person.button(person.words.newConversation).first().click();
  await person.dialog.getByRole('listitem').first().waitFor();
}

async function startsGroup(person) {
  await starts(person);
  for (const name of ['Jonas Weber', '张三', '阿依古丽·买买提·吐尔逊']) {
    await person.dialog.getByRole('checkbox', { name: person.words.choose(name), exact: true }).check();
  }
  await person.dialog.getByRole('textbox', { name: person.words.groupName }).fill('午饭 Lunch');
}

async function startsChannel(person) {
  await starts(person);
  await person.dialog.getByText(person.words.channels, { exact: true }).click();
  await person.dialog.getByRole('listitem').filter({ hasText: LOBBY }).waitFor();
}

async function looksAtKeys(person) {
  await home(person);
  await person.page.keyboard.press('?');
  await person.dialog.getByRole('heading').waitFor();
}

async function looksAtSettings(person) {
  await person.visits('/settings');
  await person.page.getByRole('heading', { level: 2 }).first().waitFor();
}

async function usesSettings(person) {
  await looksAtSettings(person);
  await person.button(person.words.runEcho).click();
  await person.page.getByText(person.words.echoResult).waitFor();
  const makes = person.page.getByRole('button', { name: /^(Make a link|生成链接)$/ });
  if (await makes.count()) {
    await makes.click();
    await person.page.getByRole('code').waitFor();
  }
  await person.button(person.words.signOut).scrollIntoViewIfNeeded();
}
