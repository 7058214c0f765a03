{
  title = "Jobs that run";
  description = "By processor.";
  unit = "short";
  queries = [
    {
      expr = "processor_jobs_running";
      legendFormat = "{{instance}}";
    }
  ];
}
