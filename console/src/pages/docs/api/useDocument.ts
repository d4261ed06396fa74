import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { fetchDocument, type ApiName } from "../model/openapi";

/** In the language of the page. While the other language comes, the one before stays. */
export function useDocument(api: ApiName) {
  const { i18n } = useTranslation();
  const { language } = i18n;
  return useQuery({
    queryKey: ["openapi", api, language],
    queryFn: () => fetchDocument(api, language),
    staleTime: Infinity,
    placeholderData: (before, query) => (query?.queryKey[1] === api ? keepPreviousData(before) : undefined),
  });
}
