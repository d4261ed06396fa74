/** In the order of reading. Each is a file for every language, in the folder of that language. */
export const GUIDES = ["quick-start", "keys", "from-dify", "from-ragflow", "operate"] as const;
export type GuideName = (typeof GUIDES)[number];

const files = import.meta.glob<string>("./*/*.md", { query: "?raw", import: "default" });

export const isGuide = (name: string | undefined): name is GuideName => GUIDES.includes(name as GuideName);

export async function fetchGuide(name: GuideName, language: string): Promise<string> {
  const load = files[`./${language}/${name}.md`];
  if (!load) throw new Error(`${language}/${name}.md`);
  return load();
}

export const sourceOf = (name: GuideName, language: string) => `console/src/pages/docs/guides/${language}/${name}.md`;
