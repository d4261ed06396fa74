/** The queue: what waits and why, what runs, what failed. */

import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { request } from "./client";
import type { Asked, Listed } from "./lists";
import type { Failed } from "./reasons";

export const JOB_STATES = ["queued", "running", "failed", "done", "cancelled"] as const;
export type JobState = (typeof JOB_STATES)[number];

export interface Job extends Failed {
  id: string;
  kind: string;
  state: JobState;
  dataset_id: string;
  dataset_name: string | null;
  document_id: string | null;
  document_name: string | null;
  stage: string | null;
  progress: number;
  attempts: number;
  created_at: number;
  run_at: number | null;
  waits_for: string | null;
  /** Whose turn it waits for; null where it waits for a time or for nothing. */
  line: "worker" | "slow" | "recognition" | null;
  ahead: number | null;
}

export interface JobCounts {
  queued: number;
  running: number;
  failed: number;
}

export interface JobsAsked extends Asked {
  state: JobState | null;
  datasetId: string | null;
}

type JobList = Listed<Job> & { counts: JobCounts };

const BUSY_MS = 2_000;
const QUIET_MS = 5_000;

const listJobs = ({ state, datasetId, cursor, limit }: JobsAsked) =>
  request<JobList>("/diglot/v1/jobs", { query: { state, dataset_id: datasetId, cursor, limit } });

/** Asked for again and again: often while something is under way. */
export function useJobs(asked: JobsAsked) {
  return useQuery({
    queryKey: ["jobs", asked],
    queryFn: () => listJobs(asked),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (isBusy(state.data) ? BUSY_MS : QUIET_MS),
  });
}

const isBusy = (jobs?: JobList) => jobs !== undefined && jobs.counts.queued + jobs.counts.running > 0;

export const retryJob = (id: string) => request<Job>(`/diglot/v1/jobs/${id}/retry`, { method: "POST" });
export const cancelJob = (id: string) => request<Job>(`/diglot/v1/jobs/${id}/cancel`, { method: "POST" });
