/** Made by the build: `partner-docs.ts`. */
declare module 'virtual:partner-docs' {
  export const chinese: string;
  export const english: string;
  export const samples: string;
}
