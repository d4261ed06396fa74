import { Kbd, Stack, Text, TextInput, Title } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";

import classes from "../docs.module.css";
import { matching, operationsOf, type ApiName, type Document, type Operation } from "../model/openapi";
import { Method } from "../parts/Method";

export function ApiSidebar({ api, document }: { api: ApiName; document: Document }) {
  const { t } = useTranslation("docs");
  const [search, setSearch] = useState("");
  const box = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const { operationId } = useParams();
  useEffect(() => {
    list.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }, [operationId]);
  useHotkeys([["/", () => box.current?.focus()]]);
  const all = useMemo(() => operationsOf(document), [document]);
  const found = matching(all, search);
  return (
    <Stack gap="sm">
      <TextInput
        ref={box}
        type="search"
        aria-label={t("sidebar.search")}
        placeholder={t("sidebar.search")}
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={<Kbd size="xs">/</Kbd>}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <Text size="xs" c="dimmed" role="status">
        {t("sidebar.found", { count: found.length })}
      </Text>
      <Stack ref={list} component="nav" gap="sm" aria-label={t("sidebar.operations")}>
        {document.tags.map((tag) => (
          <TagEntries
            key={tag.name}
            api={api}
            title={tag["x-displayName"] ?? tag.name}
            operations={found.filter((operation) => operation.tags[0] === tag.name)}
          />
        ))}
      </Stack>
    </Stack>
  );
}

interface Entries {
  api: ApiName;
  title: string;
  operations: Operation[];
}

function TagEntries({ api, title, operations }: Entries) {
  const { operationId } = useParams();
  if (!operations.length) return null;
  return (
    <div>
      <Title order={2} fz="xs" tt="uppercase" c="dimmed" px={8} mb={2}>
        {title}
      </Title>
      {operations.map((operation) => (
        <Link
          key={operation.operationId}
          to={`/${api}/${operation.operationId}`}
          className={classes.entry}
          aria-current={operation.operationId === operationId ? "page" : undefined}
          title={`${operation.method} ${operation.path}`}
        >
          <Method name={operation.method} />
          <span className={operation.deprecated ? classes.deprecated : undefined}>{operation.summary}</span>
        </Link>
      ))}
    </div>
  );
}
