/** What the order of the list rests on. Times in milliseconds since the epoch. */
export interface Pressing {
  readonly name: string;
  /** When the student asked for a conversation that nobody has answered. */
  readonly askedAt?: number | undefined;
  /** Somebody is in contact about every flag, and no follow-up of it is due. */
  readonly isInHand: boolean;
  readonly hasStrongReason: boolean;
  readonly waitingSince: number;
}

/**
 * Most pressing first, by a rule that fits in one sentence: students who asked come first and those already in contact
 * last, and among the others strong reasons before whoever has waited longest; the name decides between equals.
 */
export function comparePressing(one: Pressing, other: Pressing): number {
  return (
    Number(other.askedAt !== undefined) - Number(one.askedAt !== undefined) ||
    Number(one.isInHand) - Number(other.isInHand) ||
    Number(other.hasStrongReason) - Number(one.hasStrongReason) ||
    one.waitingSince - other.waitingSince ||
    (one.name < other.name ? -1 : one.name > other.name ? 1 : 0)
  );
}
