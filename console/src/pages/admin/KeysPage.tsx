import { Button, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useKeys } from "../../api/keys";
import { ApiSwitch } from "./keys/ApiSwitch";
import { CreateKey } from "./keys/CreateKey";
import { KeyRow } from "./keys/KeyRow";
import { Listing } from "./Listing";
import { ListTable } from "./ListTable";
import { PageHead } from "./PageHead";
import { Pager } from "./Pager";
import { useCursors } from "./useCursors";

const A_PAGE = 50;

export default function KeysPage() {
  const { t } = useTranslation(["keys", "admin"]);
  const cursors = useCursors();
  const { data, error, isPending } = useKeys({ cursor: cursors.current, limit: A_PAGE });
  const [isCreating, creating] = useDisclosure();
  const columns = [
    { name: t("columns.name") },
    { name: t("columns.scopes") },
    { name: t("columns.datasets") },
    { name: t("columns.used") },
    { name: t("columns.expires") },
    { name: t("columns.state") },
    { name: t("admin:actions"), isHidden: true, width: 120 },
  ];
  return (
    <Stack gap="md" maw={1280}>
      <PageHead title={t("title")} lead={t("lead")}>
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={creating.open}>
          {t("new")}
        </Button>
      </PageHead>
      <ApiSwitch />
      <Listing error={error} isPending={isPending} isEmpty={data?.items.length === 0} empty={t("empty")}>
        <ListTable label={t("title")} columns={columns} minWidth={860}>
          {data?.items.map((key) => (
            <KeyRow key={key.id} apiKey={key} />
          ))}
        </ListTable>
      </Listing>
      <Pager cursors={cursors} next={data?.next} />
      <CreateKey opened={isCreating} onClose={creating.close} />
    </Stack>
  );
}
