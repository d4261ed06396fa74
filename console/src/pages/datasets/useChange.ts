import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { TOLD_OF_DATASETS } from "../../api/datasets";

/** A change of a dataset: what is shown of it is fetched anew, and a word says that it is done. */
export function useChange<Given>(work: (given: Given) => Promise<unknown>, alsoTold: string[][] = []) {
  const queries = useQueryClient();
  const { t } = useTranslation("datasets");
  return useMutation({
    mutationFn: work,
    onSuccess: async () => {
      notifications.show({ color: "teal", message: t("settings.saved") });
      await Promise.all([...TOLD_OF_DATASETS, ...alsoTold].map((queryKey) => queries.invalidateQueries({ queryKey })));
    },
  });
}
