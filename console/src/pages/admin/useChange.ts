import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { ApiError } from "../../api/client";

/** Work at the server; the lists whose keys begin with `told` are asked for anew before it counts as done. */
export function useChange<Sent, Answer>(work: (sent: Sent) => Promise<Answer>, told: string[]) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: work,
    onSettled: () => queries.invalidateQueries({ queryKey: told }),
  });
}

/** Says in a corner of the page what was refused, for changes that have no dialog to say it in. */
export function useRefusals() {
  const { t } = useTranslation(["admin", "common"]);
  return (error: Error) => {
    const wait = error instanceof ApiError ? error.retryAfter : undefined;
    const words = error.message || t("common:failure.unknown");
    notifications.show({
      color: "red",
      title: t("common:failure.title"),
      message: wait === undefined ? words : `${words} ${t("again", { count: wait })}`,
    });
  };
}
