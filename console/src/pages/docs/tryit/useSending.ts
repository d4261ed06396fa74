import { useCallback, useEffect, useRef, useState } from "react";

import type { Prepared } from "../model/prepared";
import { NotSent, send, type Fault, type Received } from "./sending";

interface Sending {
  isUnderWay: boolean;
  received: Received | null;
  fault: Fault | null;
  start: (request: Prepared, key: string, files: Record<string, File[]>) => Promise<void>;
  stop: () => void;
}

/** One request at a time; leaving the page ends it. */
export function useSending(): Sending {
  const [isUnderWay, setUnderWay] = useState(false);
  const [received, setReceived] = useState<Received | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const current = useRef<AbortController | null>(null);
  const stop = useCallback(() => current.current?.abort(), []);
  useEffect(() => stop, [stop]);

  const start: Sending["start"] = async (request, key, files) => {
    stop();
    const controller = new AbortController();
    current.current = controller;
    setReceived(null);
    setFault(null);
    setUnderWay(true);
    try {
      await send(request, key, files, controller.signal, setReceived);
    } catch (error) {
      if (!controller.signal.aborted) setFault(error instanceof NotSent ? error.fault : "unreachable");
    } finally {
      if (current.current === controller) setUnderWay(false);
    }
  };
  return { isUnderWay, received, fault, start, stop };
}
