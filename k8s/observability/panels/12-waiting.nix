{
  title = "Messages in queues";
  description = "What is ready in each queue, by the read model.";
  unit = "short";
  queries = [
    {
      expr = ''max by (queue) (observatory_queue_messages{state="ready"})'';
      legendFormat = "{{queue}}";
    }
  ];
}
