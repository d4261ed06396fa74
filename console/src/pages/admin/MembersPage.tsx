import { Button, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconUserPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useMembers } from "../../api/members";
import { Listing } from "./Listing";
import { ListTable } from "./ListTable";
import { AddMember } from "./members/AddMember";
import { MemberRow } from "./members/MemberRow";
import { PageHead } from "./PageHead";
import { Pager } from "./Pager";
import { useCursors } from "./useCursors";

const A_PAGE = 50;

export default function MembersPage() {
  const { t } = useTranslation(["members", "admin"]);
  const cursors = useCursors();
  const { data, error, isPending } = useMembers({ cursor: cursors.current, limit: A_PAGE });
  const [isAdding, adding] = useDisclosure();
  const columns = [
    { name: t("columns.name") },
    { name: t("columns.login") },
    { name: t("columns.role"), width: 160 },
    { name: t("columns.login_at") },
    { name: t("columns.since") },
    { name: t("admin:actions"), isHidden: true, width: 150 },
  ];
  return (
    <Stack gap="md" maw={1280}>
      <PageHead title={t("title")} lead={t("lead")}>
        <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={adding.open}>
          {t("add")}
        </Button>
      </PageHead>
      <Listing error={error} isPending={isPending} isEmpty={data?.items.length === 0} empty={t("empty")}>
        <ListTable label={t("title")} columns={columns} minWidth={820}>
          {data?.items.map((member) => (
            <MemberRow key={member.id} member={member} />
          ))}
        </ListTable>
      </Listing>
      <Pager cursors={cursors} next={data?.next} />
      <AddMember opened={isAdding} onClose={adding.close} />
    </Stack>
  );
}
