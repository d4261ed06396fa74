import { useCallback } from "react";
import { useSearchParams } from "react-router";

/** What the address says is looked at: a page of the source, a chunk, a page of the list of chunks. */
export interface Where {
  page?: number;
  chunk?: string;
  list?: number;
}

export function useWhere(): [Where, (where: Where) => void] {
  const [address, setAddress] = useSearchParams();
  const go = useCallback(
    (where: Where) => {
      const kept = Object.entries(where).filter(([, value]) => value !== undefined);
      setAddress(new URLSearchParams(kept.map(([name, value]) => [name, String(value)])));
    },
    [setAddress],
  );
  return [
    {
      page: numberOf(address.get("page")),
      chunk: address.get("chunk") ?? undefined,
      list: numberOf(address.get("list")),
    },
    go,
  ];
}

function numberOf(text: string | null): number | undefined {
  const value = Number(text);
  return text && Number.isInteger(value) && value > 0 ? value : undefined;
}
