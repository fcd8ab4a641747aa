import { useEffect, useState } from 'react';

interface QrCodeProps {
  readonly text: string;
  /** What it is, for who cannot see it. */
  readonly label: string;
}

/** Modules of white that a scanner needs around the code. */
const MARGIN = 4;

/** A QR code, drawn when the library for it has come; black on white also in the dark, as scanners expect it. */
export function QrCode({ text, label }: QrCodeProps) {
  const [drawn, setDrawn] = useState<{ readonly text: string; readonly size: number; readonly path: string }>();
  useEffect(() => {
    let isWanted = true;
    void import('lean-qr').then(({ generate }) => {
      const code = generate(text);
      const squares: string[] = [];
      for (let y = 0; y < code.size; y++)
        for (let x = 0; x < code.size; x++) if (code.get(x, y)) squares.push(`M${x} ${y}h1v1h-1z`);
      if (isWanted) setDrawn({ text, size: code.size, path: squares.join('') });
    });
    return () => {
      isWanted = false;
    };
  }, [text]);
  const size = drawn?.size ?? 29;
  const side = size + 2 * MARGIN;
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`${-MARGIN} ${-MARGIN} ${side} ${side}`}
      shapeRendering="crispEdges"
      className="size-56 shrink-0 rounded-2xl border border-line bg-white fill-black"
    >
      {drawn?.text === text && <path d={drawn.path} />}
    </svg>
  );
}
