/**
 * The age at which a text reads easily, by the Automated Readability Index (Senter and Smith, 1967): the school year
 * that letters in a word and words in a sentence point to, and five years more for the age. It needs no count of
 * syllables, which no short rule gets right. Made for passages: a single short sentence swings with one long word.
 */
export function readingAge(text: string): number {
  const words = text.match(/[\p{L}\p{N}’'-]+/gu) ?? [];
  const letters = words.reduce((sum, word) => sum + word.replace(/[’'-]/g, '').length, 0);
  const sentences = text.split(/[.!?:;]+(?:\s|$)/).filter((sentence) => /\p{L}/u.test(sentence)).length;
  if (words.length === 0) return 0;
  const year = 4.71 * (letters / words.length) + 0.5 * (words.length / sentences) - 21.43;
  return Math.max(0, year) + 5;
}
