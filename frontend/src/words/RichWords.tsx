import { Trans } from "@lingui/react";
import type { ReactElement } from "react";
import type { MessageKey } from ".";
import type { Messages } from "./compiled/messages";

/** A message with marked-up places: `<0>...</0>` stands in the first of the parts, and so on. */
export function RichWords<Key extends MessageKey>({
  message, values, parts,
}: { message: Key; values: Messages[Key]; parts: readonly ReactElement[] }) {
  return <Trans id={message} values={{ ...values }} components={{ ...parts }} />;
}
