/** Its package has no types; these are of what we use. */
declare module 'subset-font' {
  interface Options {
    readonly targetFormat: 'sfnt';
    /** Axes of a variable font that are set to one value. */
    readonly variationAxes?: Readonly<Record<string, number>>;
  }
  /** The letters of `text` as a font of their own. */
  export default function subsetFont(font: Buffer, text: string, options: Options): Promise<Buffer>;
}
