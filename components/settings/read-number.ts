import type { NumberField } from "./fields.ts";

export type Reading =
  | { readonly state: "unset" }
  | { readonly state: "valid"; readonly value: number }
  | { readonly state: "invalid"; readonly reason: "number" | "whole" | "range" };

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)$/u;

/** Reads what a person wrote: with a point or a comma, in digits of any width. Nothing is unset. */
export function readNumber(text: string, { low, high, whole }: NumberField): Reading {
  const plain = text.normalize("NFKC").trim().replace(",", ".");
  if (plain === "") return { state: "unset" };
  if (!NUMBER.test(plain)) return { state: "invalid", reason: "number" };
  const value = Number(plain);
  if (whole && !Number.isInteger(value)) return { state: "invalid", reason: "whole" };
  if (value < low || value > high) return { state: "invalid", reason: "range" };
  return { state: "valid", value };
}
