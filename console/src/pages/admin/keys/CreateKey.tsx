import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useState, type SubmitEvent } from "react";
import { useTranslation } from "react-i18next";

import { createKey, KEYS, type Scope } from "../../../api/keys";
import { Failure } from "../../../parts/Failure";
import { Dialog } from "../Dialog";
import { useChange } from "../useChange";
import { DatasetsChoice } from "./DatasetsChoice";
import { ExpiryChoice, type Expiry, expiresAt } from "./ExpiryChoice";
import { MadeKey } from "./MadeKey";
import { ScopesChoice } from "./ScopesChoice";

interface CreateKeyProps {
  opened: boolean;
  onClose: () => void;
}

export function CreateKey({ opened, onClose }: CreateKeyProps) {
  const { t } = useTranslation("keys");
  return (
    <Dialog opened={opened} title={t("new")} onClose={onClose} size="lg">
      <KeyForm onClose={onClose} />
    </Dialog>
  );
}

function KeyForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["keys", "common"]);
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<Scope[]>(["read"]);
  const [datasets, setDatasets] = useState<string[] | null>(null);
  const [expiry, setExpiry] = useState<Expiry>({ after: null, on: null });
  const creating = useChange(createKey, KEYS);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const end = expiresAt(expiry);
    creating.mutate({ name, scopes, ...(datasets ? { datasets } : {}), ...(end ? { expires_at: end } : {}) });
  };
  if (creating.data) return <MadeKey made={creating.data} onClose={onClose} />;
  const isReady = name.trim() !== "" && scopes.length > 0 && datasets?.length !== 0;
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label={t("form.name")}
          description={t("form.nameAbout")}
          required
          maxLength={100}
          data-autofocus
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <ScopesChoice value={scopes} onChange={setScopes} />
        <DatasetsChoice value={datasets} onChange={setDatasets} />
        <ExpiryChoice value={expiry} onChange={setExpiry} />
        {creating.error && <Failure error={creating.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common:actions.cancel")}
          </Button>
          <Button type="submit" loading={creating.isPending} disabled={!isReady}>
            {t("form.create")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
