import { Button, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { deleteDataset, type Dataset } from "../../api/datasets";
import { Confirm } from "../../parts/Confirm";
import { useFormats } from "../../parts/formats";
import { Section } from "./Section";

export function DangerZone({ dataset }: { dataset: Dataset }) {
  const { t } = useTranslation("datasets");
  const formats = useFormats();
  const [isAsked, asking] = useDisclosure();
  const [typed, setTyped] = useState("");
  const navigate = useNavigate();
  const queries = useQueryClient();
  const removing = useMutation({
    mutationFn: () => deleteDataset(dataset.id),
    onSuccess: async () => {
      await navigate("/datasets", { replace: true });
      queries.removeQueries({ queryKey: ["dataset", dataset.id] });
      await queries.invalidateQueries({ queryKey: ["datasets"] });
    },
  });
  const count = dataset.document_count;
  return (
    <Section title={t("danger.title")} lead={t("danger.lead")} isDangerous>
      <Button color="red" variant="outline" onClick={asking.open}>
        {t("danger.delete")}
      </Button>
      <Confirm
        title={t("danger.ask", { name: dataset.name })}
        deed={t("danger.delete")}
        isOpen={isAsked}
        isPending={removing.isPending}
        isAllowed={count === 0 || typed.trim() === dataset.name}
        error={removing.error}
        onConfirm={() => removing.mutate()}
        onClose={asking.close}
      >
        <Stack gap="sm">
          <Text size="sm">{t("danger.warning", { count, shown: formats.number(count) })}</Text>
          {count > 0 && (
            <TextInput
              label={t("danger.type", { name: dataset.name })}
              value={typed}
              onChange={({ currentTarget }) => setTyped(currentTarget.value)}
            />
          )}
        </Stack>
      </Confirm>
    </Section>
  );
}
