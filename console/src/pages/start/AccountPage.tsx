import { Box, Button, Grid, Paper, PasswordInput, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { Fragment, useState, type ReactNode, type SubmitEvent } from "react";
import { useTranslation } from "react-i18next";

import { ApiError } from "../../api/client";
import { changePassword } from "../../api/session";
import { useSession } from "../../app/SessionGate";
import { useLanguageChoice } from "../../app/useLanguageChoice";
import { LANGUAGES, type Language } from "../../i18n";
import { Failure } from "../../parts/Failure";
import { fits, NewPassword } from "./NewPassword";

export default function AccountPage() {
  const { t } = useTranslation("start");
  return (
    <Stack maw={900} gap="lg">
      <Title order={1} size="h2">
        {t("account.title")}
      </Title>
      <Grid>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Stack>
            <Part title={t("account.profile")}>
              <Profile />
            </Part>
            <Part title={t("account.language")}>
              <LanguageOfPages />
            </Part>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Part title={t("account.password")}>
            <PasswordForm />
          </Part>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper withBorder p="lg" component="section">
      <Title order={2} size="h4" mb="md">
        {title}
      </Title>
      {children}
    </Paper>
  );
}

function Profile() {
  const { t } = useTranslation("start");
  const { t: tCommon } = useTranslation();
  const { user, workspace } = useSession();
  const facts = [
    [t("account.name"), user.name],
    [t("account.login"), user.login],
    [t("account.role"), tCommon(`roles.${user.role}`)],
    [t("account.workspace"), workspace.name],
  ];
  return (
    <Box component="dl" m={0} style={{ display: "grid", gridTemplateColumns: "auto 1fr", gap: "8px 24px" }}>
      {facts.map(([label, value]) => (
        <Fragment key={label}>
          <Text component="dt" size="sm" c="dimmed">
            {label}
          </Text>
          <Text component="dd" size="sm" m={0}>
            {value}
          </Text>
        </Fragment>
      ))}
    </Box>
  );
}

function LanguageOfPages() {
  const { t, i18n } = useTranslation("start");
  const choose = useLanguageChoice();
  const choices = Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }));
  return (
    <SegmentedControl
      aria-label={t("account.language")}
      data={choices}
      value={i18n.language}
      onChange={(value) => void choose(value as Language)}
    />
  );
}

function PasswordForm() {
  const { t } = useTranslation("start");
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const changing = useMutation({
    mutationFn: () => changePassword(current, password),
    onSuccess: () => {
      [setCurrent, setPassword, setAgain].forEach((set) => set(""));
      notifications.show({ color: "teal", message: t("account.passwordChanged") });
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (fits(password, again)) changing.mutate();
  };
  const isWrong = changing.error instanceof ApiError && changing.error.code === "invalid_credentials";
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <PasswordInput
          label={t("account.current")}
          autoComplete="current-password"
          required
          value={current}
          onChange={({ currentTarget }) => setCurrent(currentTarget.value)}
          error={isWrong ? t("account.wrong") : undefined}
          visibilityToggleButtonProps={{ "aria-label": t("password.show") }}
        />
        <NewPassword password={password} again={again} onPassword={setPassword} onAgain={setAgain} />
        {changing.error && !isWrong && <Failure error={changing.error} />}
        <Text size="xs" c="dimmed">
          {t("account.othersEnd")}
        </Text>
        <Button type="submit" loading={changing.isPending} disabled={!current || !fits(password, again)}>
          {t("account.change")}
        </Button>
      </Stack>
    </form>
  );
}
