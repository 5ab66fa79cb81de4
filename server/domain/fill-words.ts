/**
 * Fills a template: `{name}` from the values or the institution's words, `{Name}` the same with a capital. A name that
 * is in neither stays as it is, so that a test can find it.
 */
export function fillWords(
  template: string,
  words: Readonly<Record<string, string>>,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const lower = name.charAt(0).toLowerCase() + name.slice(1);
    const found = values[name] ?? values[lower] ?? words[name] ?? words[lower];
    if (found === undefined) return whole;
    const word = String(found);
    return name === lower ? word : word.charAt(0).toUpperCase() + word.slice(1);
  });
}
