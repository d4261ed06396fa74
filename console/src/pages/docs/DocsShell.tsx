import { ActionIcon, AppShell, Burger, Group, ScrollArea, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconHome } from "@tabler/icons-react";
import { useEffect, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";

import { SchemeSwitch } from "../../app/SchemeSwitch";
import classes from "./docs.module.css";
import { LanguageLinks } from "./parts/LanguageLinks";
import { useLightOnPaper } from "./parts/useLightOnPaper";
import { APIS } from "./model/openapi";

const PLACES = ["guides", ...APIS] as const;

export function DocsShell({ sidebar, children }: { sidebar?: ReactNode; children: ReactNode }) {
  const [isOpen, { toggle, close }] = useDisclosure();
  const { t } = useTranslation("docs");
  const { pathname } = useLocation();
  useEffect(close, [pathname, close]);
  useLightOnPaper();
  return (
    <>
      <a className={classes.skip} href="#content">
        {t("menu.skip")}
      </a>
      <AppShell
        header={{ height: 52 }}
        navbar={{ width: 290, breakpoint: "md", collapsed: { mobile: !isOpen, desktop: !sidebar } }}
        padding="lg"
      >
        <AppShell.Header className={classes.unprinted}>
          <Group h="100%" px="md" justify="space-between" wrap="nowrap">
            <Group gap="sm" wrap="nowrap">
              <Burger opened={isOpen} onClick={toggle} hiddenFrom="md" size="sm" aria-label={t("menu.open")} />
              <Link to="/" className={classes.place}>
                <Group gap="xs" wrap="nowrap">
                  <img src="/console/icon.svg" alt="" width={24} height={24} />
                  <Text span fw={700}>
                    {t("title")}
                  </Text>
                </Group>
              </Link>
              <Places isWide />
            </Group>
            <Group gap="xs" wrap="nowrap">
              <LanguageLinks />
              <SchemeSwitch />
              <ActionIcon component="a" href="/console/" variant="subtle" color="gray" aria-label={t("menu.console")}>
                <IconHome size={20} />
              </ActionIcon>
            </Group>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar className={classes.unprinted} component="div">
          <ScrollArea h="100%" p="sm" type="auto">
            <Stack gap="sm" hiddenFrom="md" mb="md">
              <Places />
            </Stack>
            {sidebar}
          </ScrollArea>
        </AppShell.Navbar>
        <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
          {children}
        </AppShell.Main>
      </AppShell>
    </>
  );
}

function Places({ isWide = false }: { isWide?: boolean }) {
  const { t } = useTranslation("docs");
  const { pathname } = useLocation();
  const here = pathname.split("/")[1];
  const links = PLACES.map((place) => (
    <Link key={place} to={`/${place}`} className={classes.place} aria-current={here === place ? "true" : undefined}>
      {t(`places.${place}`)}
    </Link>
  ));
  const Frame = isWide ? Group : Stack;
  return (
    <Frame component="nav" aria-label={t("menu.places")} gap={2} {...(isWide ? { visibleFrom: "md" } : {})}>
      {links}
    </Frame>
  );
}
