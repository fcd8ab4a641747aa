import type { CSSProperties, ReactNode } from 'react';

interface WorkbenchProps {
  readonly picture: ReactNode;
  /** Whether the picture stays in sight while what is beside it is scrolled; then it must be lower than the window. */
  readonly pinned?: boolean;
  readonly children: ReactNode;
}

/** The room in which one photo is worked on: the picture on one side, what is happening to it on the other. */
export function Workbench({ picture, pinned = false, children }: WorkbenchProps) {
  return (
    <div className="mx-auto grid w-full max-w-7xl items-start gap-x-12 gap-y-7 px-4 pt-6 pb-14 [--tall:50svh] sm:px-8 lg:grid-cols-[minmax(0,1fr)_26rem] lg:pt-10 lg:[--tall:min(70svh,52rem)] low:pt-5">
      <div className={`min-w-0 ${pinned ? 'lg:sticky lg:top-4 low:static' : ''}`}>{picture}</div>
      <section className="flex min-w-0 flex-col gap-5 animate-appear">{children}</section>
    </div>
  );
}

interface FrameProps {
  readonly width: number;
  readonly height: number;
  readonly children: ReactNode;
}

/** Holds a picture's place at its own shape, within the width at hand and the height that its surroundings leave it. */
export function Frame({ width, height, children }: FrameProps) {
  const style = { '--shape': width / height } as CSSProperties;
  return (
    <div
      style={style}
      className="relative mx-auto aspect-(--shape) my-3 w-[min(100%-1.5rem,calc(var(--tall)*var(--shape)))]"
    >
      {children}
    </div>
  );
}
