import { forgetToken, open } from "./client";

export type Role = "owner" | "editor" | "viewer";

export interface Session {
  user: { id: string; name: string; login: string; role: Role; language?: string | null };
  workspace: { id: string; name: string };
}

export interface Setup {
  name: string;
  login: string;
  password: string;
  token?: string;
}

export const isSetupNeeded = async () => (await open<{ needed: boolean }>("/diglot/v1/setup")).needed;
export const setUp = (sent: Setup) => open<Session>("/diglot/v1/setup", "POST", sent);
export const logIn = (login: string, password: string) =>
  open<Session>("/diglot/v1/session", "POST", { login, password });
export const session = () => open<Session>("/diglot/v1/session");
export const chooseLanguage = (language: string) => open<Session>("/diglot/v1/session", "PATCH", { language });
export const changePassword = (current: string, next: string) =>
  open<undefined>("/diglot/v1/session/password", "PUT", { current, new: next });

export async function logOut(): Promise<void> {
  forgetToken();
  await open<undefined>("/diglot/v1/session", "DELETE");
}
