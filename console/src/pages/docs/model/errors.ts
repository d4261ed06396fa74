import type { Answer, Operation } from "./openapi";

export interface Refusal {
  status: string;
  code: string;
  meaning: string;
  message: string;
  value: unknown;
}

/** The name under which the server puts what it answers when all is well. */
const SUCCESS = "example";

export function successOf(answer: Answer): { media: string; value: unknown } | null {
  for (const [media, { example, examples }] of Object.entries(answer.content ?? {})) {
    const value = example ?? examples?.[SUCCESS]?.value;
    if (value !== undefined) return { media, value };
  }
  return null;
}

/** A dialect may refuse under the status of success, so every answer is looked through. */
export function refusalsOf(operation: Operation): Refusal[] {
  return Object.entries(operation.responses).flatMap(([status, answer]) =>
    Object.values(answer.content ?? {}).flatMap(({ examples }) =>
      Object.entries(examples ?? {})
        .filter(([name]) => name !== SUCCESS)
        .map(([, { summary, description, value }]) => {
          const message = messageIn(value);
          return { status, code: summary ?? "", meaning: description ?? message, message, value };
        }),
    ),
  );
}

function messageIn(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return "";
  const said = value as Record<string, unknown>;
  return messageIn(said.message ?? said.error ?? said.retmsg);
}
