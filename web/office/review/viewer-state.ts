/** How a scan is shown: turned by quarters and enlarged by steps. */
export interface Shown {
  /** 1 fits the pane. */
  zoom: number;
  /** 0, 90, 180 or 270 degrees, clockwise. */
  turn: number;
}

export const fitted: Shown = { zoom: 1, turn: 0 };
const step = 1.25;
const limits = { least: 0.5, most: 8 } as const;

export function zoomed(shown: Shown, way: 1 | -1): Shown {
  const zoom = shown.zoom * step ** way;
  return { ...shown, zoom: Math.min(limits.most, Math.max(limits.least, Math.round(zoom * 1000) / 1000)) };
}

export function turned(shown: Shown): Shown {
  return { ...shown, turn: (shown.turn + 90) % 360 };
}
