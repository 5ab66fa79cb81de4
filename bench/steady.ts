/**
 * Asks at a steady rate, whether or not answers are in, as people do; milliseconds from when each was due to be asked to its
 * last byte. Throws where an answer is a refusal.
 */
export async function askSteadily(
  asks: readonly { readonly url: string; readonly headers: Readonly<Record<string, string>> }[],
  { perSecond }: { perSecond: number },
): Promise<number[]> {
  const startedAt = performance.now();
  return Promise.all(
    asks.map(async ({ url, headers }, index) => {
      const dueAt = startedAt + (index * 1000) / perSecond;
      await new Promise((resolve) => setTimeout(resolve, dueAt - performance.now()));
      const response = await fetch(url, { headers });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`${new URL(url).pathname} was refused with ${response.status}.`);
      return performance.now() - dueAt;
    }),
  );
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
