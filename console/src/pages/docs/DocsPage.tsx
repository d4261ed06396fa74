import { Title } from "@mantine/core";

export function DocsPage() {
  return <Title>API</Title>;
}
