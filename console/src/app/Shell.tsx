import { ActionIcon, AppShell, Burger, Group, Menu, NavLink, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconActivity,
  IconBook2,
  IconCpu,
  IconDatabase,
  IconFileText,
  IconKey,
  IconLanguage,
  IconListCheck,
  IconServer,
  IconUser,
  IconUsers,
} from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, Outlet, useLocation, useNavigate } from "react-router";

import { logOut } from "../api/session";
import { LANGUAGES, type Language } from "../i18n";
import { SchemeSwitch } from "./SchemeSwitch";
import { useIsOwner, useSession } from "./SessionGate";
import { useLanguageChoice } from "./useLanguageChoice";

const PLACES = [
  { to: "/datasets", name: "datasets", icon: IconDatabase, isForOwners: false },
  { to: "/jobs", name: "jobs", icon: IconListCheck, isForOwners: false },
  { to: "/models", name: "models", icon: IconCpu, isForOwners: true },
  { to: "/keys", name: "keys", icon: IconKey, isForOwners: true },
  { to: "/members", name: "members", icon: IconUsers, isForOwners: true },
  { to: "/logs", name: "logs", icon: IconActivity, isForOwners: true },
  { to: "/system", name: "system", icon: IconServer, isForOwners: true },
] as const;

export function Shell() {
  const [isOpen, { toggle, close }] = useDisclosure();
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const isOwner = useIsOwner();
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 220, breakpoint: "sm", collapsed: { mobile: !isOpen } }}
      padding="md"
    >
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t("menu.open")} />
            <img src="/console/icon.svg" alt="" width={26} height={26} />
            <Text fw={700}>Diglot</Text>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <LanguageChoice />
            <SchemeSwitch />
            <UserMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" component="nav" aria-label={t("menu.places")}>
        {PLACES.filter((place) => isOwner || !place.isForOwners).map(({ to, name, icon: Icon }) => (
          <NavLink
            key={to}
            component={Link}
            to={to}
            label={t(`places.${name}`)}
            leftSection={<Icon size={18} aria-hidden />}
            active={pathname.startsWith(to)}
            aria-current={pathname.startsWith(to) ? "page" : undefined}
            onClick={close}
          />
        ))}
        <NavLink href="/docs/dify" label={t("places.docs")} leftSection={<IconBook2 size={18} aria-hidden />} />
        <NavLink href="/docs/guides" label={t("places.guides")} leftSection={<IconFileText size={18} aria-hidden />} />
      </AppShell.Navbar>
      <AppShell.Main>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}

export function LanguageChoice() {
  const { t } = useTranslation();
  const choose = useLanguageChoice();
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t("menu.language")}>
          <IconLanguage size={20} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {Object.entries(LANGUAGES).map(([language, name]) => (
          <Menu.Item key={language} lang={language} onClick={() => void choose(language as Language)}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function UserMenu() {
  const { t } = useTranslation();
  const { user, workspace } = useSession();
  const navigate = useNavigate();
  const client = useQueryClient();
  const leave = async () => {
    await logOut();
    client.clear();
    await navigate("/login");
  };
  return (
    <Menu>
      <Menu.Target>
        <UnstyledButton aria-label={`${t("menu.account")}: ${user.name}`}>
          <Group gap={6} wrap="nowrap">
            <IconUser size={20} aria-hidden />
            <Text size="sm" visibleFrom="sm">
              {user.name}
            </Text>
          </Group>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {user.login} · {t(`roles.${user.role}`)} · {workspace.name}
        </Menu.Label>
        <Menu.Item component={Link} to="/account">
          {t("menu.profile")}
        </Menu.Item>
        <Menu.Item onClick={() => void leave()}>{t("menu.leave")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
