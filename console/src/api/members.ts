/** Who may log in to this workspace, and as what. */

import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { request } from "./client";
import type { Asked, Listed } from "./lists";
import type { Role } from "./session";

export const ROLES: readonly Role[] = ["owner", "editor", "viewer"];

/** `login` null: a user of keys alone, who cannot log in. */
export interface Member {
  id: string;
  name: string;
  login: string | null;
  role: Role;
  is_disabled: boolean;
  created_at: number;
  last_login_at: number | null;
}

export interface NewMember {
  name: string;
  login: string;
  role: Role;
}

export interface MemberChange {
  name?: string;
  role?: Role;
  disabled?: boolean;
  password?: string;
}

export const MEMBERS = ["members"];

export function useMembers({ cursor, limit }: Asked) {
  return useQuery({
    queryKey: [...MEMBERS, cursor, limit],
    queryFn: () => request<Listed<Member>>("/diglot/v1/members", { query: { cursor, limit } }),
    placeholderData: keepPreviousData,
  });
}

export const addMember = (sent: NewMember) =>
  request<{ member: Member; password: string | null }>("/diglot/v1/members", { json: sent });
export const changeMember = (id: string, change: MemberChange) =>
  request<Member>(`/diglot/v1/members/${id}`, { method: "PATCH", json: change });
export const removeMember = (id: string) => request<undefined>(`/diglot/v1/members/${id}`, { method: "DELETE" });
