import { Alert, Anchor, Code, Table, Title } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { Lexer, type Token, type Tokens } from "marked";
import { Fragment, useMemo, type ReactNode } from "react";

import { CodeBlock } from "../parts/CodeBlock";
import { PageLink } from "../parts/PageLink";
import { ScrolledTable } from "../parts/ScrolledTable";

/** Markdown as elements. HTML in it stays text, and links lead to pages of ours or by http alone. */
export function Markdown({ text }: { text: string }) {
  const tokens = useMemo(() => new Lexer().lex(text), [text]);
  return <Pieces tokens={tokens} />;
}

function Pieces({ tokens }: { tokens: Token[] | undefined }) {
  return tokens?.map((token, index) => <Fragment key={index}>{piece(token as MarkedToken)}</Fragment>);
}

type MarkedToken =
  | Tokens.Blockquote
  | Tokens.Br
  | Tokens.Code
  | Tokens.Codespan
  | Tokens.Em
  | Tokens.Heading
  | Tokens.Link
  | Tokens.List
  | Tokens.Paragraph
  | Tokens.Space
  | Tokens.Strong
  | Tokens.Table
  | Tokens.Text
  | Tokens.HTML
  | Tokens.Escape;

function piece(token: MarkedToken): ReactNode {
  switch (token.type) {
    case "space":
      return null;
    case "br":
      return <br />;
    case "heading":
      return <Heading token={token} />;
    case "paragraph":
      return (
        <p>
          <Pieces tokens={token.tokens} />
        </p>
      );
    case "strong":
      return (
        <strong>
          <Pieces tokens={token.tokens} />
        </strong>
      );
    case "em":
      return (
        <em>
          <Pieces tokens={token.tokens} />
        </em>
      );
    case "codespan":
      return <Code>{token.text}</Code>;
    case "code":
      return <CodeBlock code={token.text} label={token.lang ?? ""} />;
    case "blockquote":
      return (
        <Alert color="orange" icon={<IconInfoCircle aria-hidden />} mb="sm">
          <Pieces tokens={token.tokens} />
        </Alert>
      );
    case "list":
      return <List token={token} />;
    case "table":
      return <Rows token={token} />;
    case "link":
      return <Reference token={token} />;
    case "text":
      return "tokens" in token && token.tokens ? <Pieces tokens={token.tokens} /> : token.text;
    default:
      return "text" in token ? token.text : null;
  }
}

/** As the sites that show a repository's Markdown name a heading. */
const placeOf = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, "")
    .trim()
    .replace(/\s+/g, "-");

function Heading({ token }: { token: Tokens.Heading }) {
  const order = Math.min(Math.max(token.depth, 2), 4) as 2 | 3 | 4;
  return (
    <Title order={order} size={order === 2 ? "h3" : "h4"} id={placeOf(token.text)}>
      <Pieces tokens={token.tokens} />
    </Title>
  );
}

function List({ token }: { token: Tokens.List }) {
  const Kind = token.ordered ? "ol" : "ul";
  return (
    <Kind>
      {token.items.map((item, index) => (
        <li key={index}>
          <Pieces tokens={item.tokens} />
        </li>
      ))}
    </Kind>
  );
}

function Rows({ token }: { token: Tokens.Table }) {
  return (
    <ScrolledTable label={token.header.map((cell) => cell.text).join(", ")}>
      <Table withTableBorder fz="sm">
        <Table.Thead>
          <Table.Tr>
            {token.header.map((cell, index) => (
              <Table.Th key={index}>
                <Pieces tokens={cell.tokens} />
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {token.rows.map((row, index) => (
            <Table.Tr key={index}>
              {row.map((cell, column) => (
                <Table.Td key={column} valign="top">
                  <Pieces tokens={cell.tokens} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrolledTable>
  );
}

const GUIDE = /^\.?\/?([\w-]+)\.md(#.*)?$/;
const OURS = "/docs";

function Reference({ token }: { token: Tokens.Link }) {
  const inside = <Pieces tokens={token.tokens} />;
  const guide = GUIDE.exec(token.href);
  if (guide) return <PageLink to={`/guides/${guide[1]}${guide[2] ?? ""}`}>{inside}</PageLink>;
  if (token.href.startsWith(`${OURS}/`)) return <PageLink to={token.href.slice(OURS.length)}>{inside}</PageLink>;
  if (/^(https?:\/\/|\/|#)/.test(token.href))
    return (
      <Anchor href={token.href} inherit underline="always">
        {inside}
      </Anchor>
    );
  return inside;
}
