{
  title = "Jobs accepted";
  description = "Jobs that were answered 202, and those that were refused, by reason.";
  unit = "ops";
  queries = [
    {
      expr = "sum(rate(gateway_jobs_accepted_total[1m]))";
      legendFormat = "accepted";
    }
    {
      expr = "sum by (reason) (rate(gateway_jobs_rejected_total[1m]))";
      legendFormat = "refused: {{reason}}";
    }
  ];
}
