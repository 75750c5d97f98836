/**
 * The part of the WebAssembly interface that is used here, with types: Node's leave it to those of browsers.
 * Source: WebAssembly JavaScript Interface, W3C.
 */

/** A compiled module; says nothing about itself. */
export type WasmModule = object;

export interface WasmMemory {
  /** Another one after `grow`; the one before is detached. */
  readonly buffer: ArrayBuffer;
  /** Grows by pages of 64 KiB; gives how many there were. */
  grow(pages: number): number;
}

export interface WasmGlobal {
  readonly value: number;
}

interface WasmInterface {
  /** Whether this host can run the module. */
  readonly validate: (bytes: Uint8Array) => boolean;
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Memory: new (descriptor: { readonly initial: number }) => WasmMemory;
  readonly Instance: new (
    module: WasmModule,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
}

// A boundary: the global as every Node that is supported has it.
export const wasm = (globalThis as unknown as { readonly WebAssembly: WasmInterface }).WebAssembly;
