/**
 * The size of batch for a sorted read of a whole class or log. A database sends 101 documents first unless it is told
 * more, and must keep what it has sorted until the rest is fetched: a second journey, and one that a server with several
 * backends can lose. What is larger than 16 MB still comes in parts.
 */
export const inOneReply = 10_000;
