import { fillWords } from '../domain/fill-words.ts';
import type { PolicyPack } from './schema.ts';

const filled = new WeakMap<PolicyPack, PolicyPack>();

/** The pack with its own words put into its own texts, for showing; `{name}` and other values of a moment stay. */
export function fillPack(pack: PolicyPack): PolicyPack {
  const known = filled.get(pack);
  if (known) return known;
  const copy = fillIn(pack, pack.words) as PolicyPack;
  filled.set(pack, copy);
  return copy;
}

function fillIn(value: unknown, words: PolicyPack['words']): unknown {
  if (typeof value === 'string') return fillWords(value, words);
  if (Array.isArray(value)) return value.map((item) => fillIn(item, words));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillIn(item, words)]));
}
