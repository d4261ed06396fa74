import { PasswordInput, Text, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Access, ApiName } from "../model/openapi";
import { PageLink } from "../parts/PageLink";
import { useConnection } from "./Connection";

interface Props {
  api: ApiName;
  server: string;
  access: Access;
}

export function ConnectionInputs({ api, server, access }: Props) {
  const { t } = useTranslation("docs");
  const { key, setKey, setServer } = useConnection();
  return (
    <>
      <TextInput
        label={t("tryIt.server")}
        type="url"
        inputMode="url"
        spellCheck={false}
        value={server}
        onChange={(event) => setServer(api, event.currentTarget.value)}
      />
      {access === "key" ? (
        <PasswordInput
          label={t("tryIt.key")}
          description={
            <>
              {t("tryIt.keyWarning")} <PageLink to="/guides/keys">{t("tryIt.keyGuide")}</PageLink>
            </>
          }
          autoComplete="off"
          spellCheck={false}
          value={key}
          onChange={(event) => setKey(event.currentTarget.value.trim())}
          visibilityToggleButtonProps={{ "aria-label": t("tryIt.keyShow") }}
        />
      ) : (
        <Text size="sm" c="dimmed">
          {t(`operation.${access}`)}
        </Text>
      )}
    </>
  );
}
