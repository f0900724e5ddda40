// The countries of the world by ISO 3166-1 code, British and Irish first. Browsers know them without a network.

const NONE = new Set(["EU", "EZ", "QO", "UK", "UN", "XA", "XB", "ZZ"]); // codes that browsers name and nobody is a citizen of
const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];

/** Pairs of code and name. */
export function countries() {
  const names = new Intl.DisplayNames("en-GB", { type: "region", fallback: "none" });
  const named = (code) => [code, names.of(code)];
  const found = LETTERS.flatMap((first) => LETTERS.map((second) => first + second))
    .filter((code) => !NONE.has(code) && code !== "GB" && code !== "IE" && names.of(code));
  return [["GB", "British"], ["IE", "Irish"], ...found.map(named).sort((a, b) => a[1].localeCompare(b[1], "en-GB"))];
}
