import { Button, Center, Loader, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useNavigate } from "react-router";

import { ApiError } from "../../api/client";
import { isSetupNeeded, setUp } from "../../api/session";
import { Failure } from "../../parts/Failure";
import { Entrance } from "./Entrance";
import { fits, NewPassword } from "./NewPassword";

export default function SetupPage() {
  const { t } = useTranslation("start");
  const { data: isNeeded, error, isPending } = useQuery({ queryKey: ["setup"], queryFn: isSetupNeeded });
  if (isPending)
    return (
      <Center h="100vh">
        <Loader />
      </Center>
    );
  if (isNeeded === false) return <Navigate to="/" replace />;
  return (
    <Entrance title={t("setup.title")} lead={t("setup.lead")}>
      {error ? <Failure error={error} /> : <SetupForm />}
    </Entrance>
  );
}

function SetupForm() {
  const { t } = useTranslation("start");
  const [name, setName] = useState("");
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [token, setToken] = useState("");
  const navigate = useNavigate();
  const queries = useQueryClient();
  const making = useMutation({
    mutationFn: () =>
      setUp({ name: name.trim(), login: login.trim(), password, ...(token && { token: token.trim() }) }),
    onSuccess: async (session) => {
      queries.setQueryData(["session"], session);
      await navigate("/welcome", { replace: true });
    },
  });
  const asksForToken = token !== "" || isAboutToken(making.error);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (fits(password, again)) making.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label={t("setup.name")}
          autoComplete="name"
          required
          autoFocus
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          error={blamed(making.error, "name")}
        />
        <TextInput
          label={t("setup.login")}
          description={t("setup.loginHint")}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          value={login}
          onChange={({ currentTarget }) => setLogin(currentTarget.value)}
          error={blamed(making.error, "login")}
        />
        <NewPassword
          password={password}
          again={again}
          onPassword={setPassword}
          onAgain={setAgain}
          error={blamed(making.error, "password")}
        />
        {asksForToken && (
          <TextInput
            label={t("setup.token")}
            description={t("setup.tokenHint")}
            autoComplete="off"
            spellCheck={false}
            required
            value={token}
            onChange={({ currentTarget }) => setToken(currentTarget.value)}
            error={token !== "" && isAboutToken(making.error) ? t("setup.tokenWrong") : undefined}
            autoFocus
          />
        )}
        {isForNoField(making.error) && <Failure error={making.error} />}
        <Button type="submit" fullWidth loading={making.isPending} disabled={!fits(password, again)}>
          {t("setup.make")}
        </Button>
      </Stack>
    </form>
  );
}

const FIELDS = ["name", "login", "password"];

function blamed(error: Error | null, field: string): string | undefined {
  return error instanceof ApiError && error.argument === field ? error.message : undefined;
}

/** From another machine the first account needs what the server printed when it started. */
function isAboutToken(error: Error | null): boolean {
  return error instanceof ApiError && (error.argument === "token" || error.code.startsWith("setup_token"));
}

function isForNoField(error: Error | null): boolean {
  return error !== null && !isAboutToken(error) && !FIELDS.some((field) => blamed(error, field));
}
