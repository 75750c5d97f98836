/**
 * One action of a jail, as configured. `config/` fills it in.
 */
export interface ActionOptions {
  /** Its name in the jail: `actname`, else the file's. */
  readonly name: string;
  /** The effect inside Bailiff that does it; undefined = a shell action of the admin's. */
  readonly native: string | undefined;
  /** The jail's parameters over `[Init]` over `[Definition]`, tags filled in as far as they are static. */
  readonly parameters: Readonly<Record<string, string>>;
}
