import { Alert, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate } from "react-router";

import { ApiError } from "../../api/client";
import { logIn } from "../../api/session";
import { followMember } from "../../i18n";
import { Failure } from "../../parts/Failure";
import { Entrance } from "./Entrance";
import { useWait } from "./useWait";

const USUAL_WAIT_S = 60;

export default function LoginPage() {
  const { t } = useTranslation("start");
  return (
    <Entrance title={t("login.title")} lead={t("login.lead")}>
      <LoginForm />
    </Entrance>
  );
}

function LoginForm() {
  const { t } = useTranslation("start");
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [wait, setWait] = useWait();
  const navigate = useNavigate();
  const from = cameFrom(useLocation().state);
  const queries = useQueryClient();
  const entering = useMutation({
    mutationFn: () => logIn(login.trim(), password),
    onSuccess: async (session) => {
      await followMember(session.user.language);
      queries.clear();
      queries.setQueryData(["session"], session);
      await navigate(from, { replace: true });
    },
    onError: (error) => {
      setPassword("");
      if (isTooOften(error)) setWait(error.retryAfter ?? USUAL_WAIT_S);
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    entering.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label={t("login.login")}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          data-autofocus
          autoFocus
          value={login}
          onChange={({ currentTarget }) => setLogin(currentTarget.value)}
        />
        <PasswordInput
          label={t("login.password")}
          autoComplete="current-password"
          required
          value={password}
          onChange={({ currentTarget }) => setPassword(currentTarget.value)}
          visibilityToggleButtonProps={{ "aria-label": t("password.show") }}
        />
        <Refusal error={entering.error} wait={wait} />
        <Button type="submit" fullWidth loading={entering.isPending} disabled={wait > 0}>
          {wait > 0 ? t("login.again", { count: wait }) : t("login.enter")}
        </Button>
      </Stack>
    </form>
  );
}

function Refusal({ error, wait }: { error: Error | null; wait: number }) {
  const { t } = useTranslation("start");
  if (!error) return null;
  if (isTooOften(error)) return wait > 0 ? <Warning text={t("login.tooOften")} /> : null;
  if (error instanceof ApiError && error.status === 401) return <Warning text={t("login.wrong")} />;
  return <Failure error={error} />;
}

function Warning({ text }: { text: string }) {
  return (
    <Alert color="red" role="alert" py="xs">
      {text}
    </Alert>
  );
}

function isTooOften(error: Error): error is ApiError {
  return error instanceof ApiError && error.status === 429;
}

/** Where the gate stopped whoever comes; the first page without that. */
function cameFrom(state: unknown): string {
  const isTold = typeof state === "object" && state !== null && "from" in state;
  return isTold && typeof state.from === "string" ? state.from : "/";
}
