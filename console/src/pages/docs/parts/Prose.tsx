import { Code, Text, type TextProps } from "@mantine/core";
import { Fragment } from "react";

/** A description: plain text in which backquotes mark code. */
export function Prose({ text, ...rest }: { text: string } & TextProps) {
  const pieces = text.split(/`([^`]+)`/);
  return (
    <Text {...rest}>
      {pieces.map((piece, index) => (
        <Fragment key={index}>{index % 2 ? <Code>{piece}</Code> : piece}</Fragment>
      ))}
    </Text>
  );
}
