// Makes emoji.txt, all that the emoji picker and the completion of shortcodes know, from a copy of emojibase-data:
//
//   npm pack emojibase-data@17.0.0 && tar xzf emojibase-data-17.0.0.tgz && node frontend/emoji/make.mjs package
//
// Its facts are Unicode's: order and groups of emoji-test.txt, names and keywords of the CLDR in English and Chinese.
// README.md beside this file names the licences.
//
// The lines: `=NAME` begins a group; any other is an emoji, and behind it, after tabs, its name in English, its name in
// Chinese, its shortcodes, and its other keywords in English and in Chinese; a comma stands between two of a kind.
// `*` in an emoji is where a skin tone goes. The name with `_` for each space is a shortcode, too.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Newer ones are boxes on many a device. */
const NEWEST = 15.1;
const GROUPS = new Map([[0, 'faces'], [1, 'people'], [3, 'nature'], [4, 'food'], [6, 'play'], [5, 'travel'], [7, 'things'], [8, 'signs'], [9, 'flags']]);
const TONE = /\u{1F3FB}/gu;

const folder = process.argv[2];
const read = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const english = read('en/data.json');
const chinese = new Map(read('zh/compact.json').map((emoji) => [emoji.hexcode, emoji]));
const [common, others] = ['github', 'emojibase'].map((set) => read(`en/shortcodes/${set}.json`));

/** The emoji, with `*` where a tone goes, if all who are in it can have the same one. */
function template({ emoji, skins = [] }) {
  const light = skins.find(({ tone }) => tone === 1);
  return light ? light.emoji.replace(TONE, '*') : emoji;
}

/** Those that say something which `known` does not. */
function others_than(known, words) {
  return words.map((word) => word.replace(/[,\t]/g, ' ')).filter((word) => !known.some((text) => text.includes(word)));
}

function line(emoji) {
  const { hexcode, label, tags = [] } = emoji;
  const { label: name, tags: words = [] } = chinese.get(hexcode);
  const derived = label.replaceAll(' ', '_');
  const codes = new Set([common[hexcode] ?? [], others[hexcode] ?? []].flat().filter((code) => code !== derived));
  const parts = [[...codes], others_than([label, ...codes], tags), others_than([name], words)];
  return [template(emoji), label, name, ...parts.map((words) => words.join(','))].join('\t').trimEnd();
}

const lines = [...GROUPS].flatMap(([group, name]) => {
  const own = english.filter((emoji) => emoji.group === group && emoji.version <= NEWEST);
  return [`=${name}`, ...own.sort((one, other) => one.order - other.order).map(line)];
});
const file = new URL('../assets/emoji.txt', import.meta.url);
writeFileSync(file, `${lines.join('\n')}\n`);
console.log(`${lines.length - GROUPS.size} emoji`);
