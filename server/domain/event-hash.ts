/**
 * A short hash of an event id: 106 bits in 22 letters and digits, so that all the events of a course could share one
 * roll-up without two of them meeting. It is not a secret and keeps none: it only tells "seen" from "new".
 */
export function hashEventId(eventId: string): string {
  return half(eventId, 0x9e3779b9) + half(eventId, 0x7f4a7c15);
}

/** Two 32-bit multiply-and-fold streams over the UTF-16 units, joined to 53 bits. */
function half(text: string, seed: number): string {
  let a = 0xdeadbeef ^ seed;
  let b = 0x41c6ce57 ^ seed;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36).padStart(11, '0');
}
