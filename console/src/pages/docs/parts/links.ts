import { useQuery } from "@tanstack/react-query";

interface DocsLinks {
  edit: string | null;
  report: string | null;
}

const NONE: DocsLinks = { edit: null, report: null };
const NEVER_STALE = { staleTime: Infinity, retry: false };

/** As the operator of this server set them; without them a page goes without. */
export function useDocsLinks(): DocsLinks {
  const { data } = useQuery({ queryKey: ["docs-links"], queryFn: fetchLinks, ...NEVER_STALE });
  return data ?? NONE;
}

async function fetchLinks(): Promise<DocsLinks> {
  const answer = await fetch("/diglot/v1/docs-links", { credentials: "omit" });
  return answer.ok ? ((await answer.json()) as DocsLinks) : NONE;
}

export const editLink = (template: string, path: string) => template.replaceAll("{path}", encodeURI(path));

export const reportLink = (template: string, page: string, title: string) =>
  template.replaceAll("{page}", encodeURIComponent(page)).replaceAll("{title}", encodeURIComponent(title));
