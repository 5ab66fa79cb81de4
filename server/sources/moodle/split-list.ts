/**
 * Takes the text of a JSON reply piece by piece and hands out the elements of one long list in it as they are complete, so
 * that a reply is never in memory as a whole. What is left when all elements are taken out is the rest.
 */
export interface ListSplitter {
  push(piece: string): void;
  /** The reply with every such list empty. */
  rest(): string;
}

const [quote, backslash, comma, colon] = [34, 92, 44, 58];
const [openBracket, closeBracket, openBrace, closeBrace] = [91, 93, 123, 125];
const isSpace = (code: number) => code === 32 || code === 10 || code === 13 || code === 9;

/** `listName` is the key under which the list stands, at whatever depth; lists of that name inside an element are its own. */
export function createListSplitter(listName: string, onElement: (text: string) => void): ListSplitter {
  let rest = '';
  let isInString = false;
  let isEscaped = false;
  let isInList = false;
  /** Of brackets and braces inside the list. */
  let depth = 0;
  let hasElement = false;
  let element = '';
  /** The last string outside the list, and whether a colon followed it. */
  let word = '';
  let key: string | undefined;

  function finishElement(): void {
    if (hasElement) onElement(element);
    element = '';
    hasElement = false;
  }

  return {
    push(piece) {
      // Where the part that is not handed on yet begins.
      let from = 0;
      for (let at = 0; at < piece.length; at++) {
        const code = piece.charCodeAt(at);
        if (isInString) {
          if (isEscaped) isEscaped = false;
          else if (code === backslash) isEscaped = true;
          else if (code === quote) isInString = false;
          if (!isInList && isInString) word += piece[at];
          continue;
        }
        if (isInList) {
          if (depth === 0 && (code === comma || code === closeBracket)) {
            element += piece.slice(from, at);
            finishElement();
            from = code === comma ? at + 1 : at;
            if (code === closeBracket) isInList = false;
            continue;
          }
          if (!hasElement) {
            if (isSpace(code)) {
              from = at + 1;
              continue;
            }
            hasElement = true;
          }
          if (code === quote) isInString = true;
          else if (code === openBrace || code === openBracket) depth += 1;
          else if (code === closeBrace || code === closeBracket) depth -= 1;
          continue;
        }
        if (code === quote) {
          isInString = true;
          word = '';
        } else if (code === colon) key = word;
        else if (code === openBracket && key === listName) {
          isInList = true;
          rest += piece.slice(from, at + 1);
          from = at + 1;
          key = undefined;
        } else if (!isSpace(code)) key = undefined;
      }
      if (isInList) element += piece.slice(from);
      else rest += piece.slice(from);
    },
    rest: () => rest,
  };
}
