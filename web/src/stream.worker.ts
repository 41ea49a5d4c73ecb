import { type Hello, Stream, type Told } from "./stream.ts";

let stream: Stream | undefined;

(globalThis as unknown as { onconnect: (event: MessageEvent) => void }).onconnect = (event) => {
  const port = event.ports[0]!;
  const teller = (told: Told): void => port.postMessage(told);
  port.onmessage = ({ data }: MessageEvent<Hello | "bye">) => {
    if (data === "bye") {
      stream?.remove(teller);
      port.close();
      return;
    }
    stream ??= new Stream(data.address, data.newest);
    stream.add(teller, data.newest);
  };
};
